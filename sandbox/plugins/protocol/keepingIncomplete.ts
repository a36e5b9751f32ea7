import grpc from "@grpc/grpc-js";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";

import { StatusError } from "./grpc.ts";
import { IncompleteError } from "./resource.ts";
import { encodeProperties } from "./values.ts";

/** Answers an incomplete resource (which only the older bridge knows) with what there is of it, so that the engine keeps it. */
export async function keepingIncomplete<Response>(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof IncompleteError)) throw error;
    const detail = new providerPb.ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(encodeProperties(error.state.properties, error.state.fields, "sdk"))
      .setReasonsList([error.message]);
    const packed = new anyPb.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statusPb.Status()
      .setCode(grpc.status.UNKNOWN)
      .setMessage(error.message)
      .setDetailsList([packed]);
    const metadata = new grpc.Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    throw new StatusError(error.message, metadata);
  }
}
