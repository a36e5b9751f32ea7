// What every program loads.
import "@pulumi/pulumi";
