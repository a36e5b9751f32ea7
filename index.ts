import { configuredArguments } from "./components/configuration.ts";
import { ExchangeAppOnlyAuth } from "./components/index.ts";
import { outputsOf } from "./components/outputs.ts";

const exchange = new ExchangeAppOnlyAuth("exchange", configuredArguments());

/** The stack's outputs: each of the component's, under its own name. */
export default outputsOf(exchange);
