#!/usr/bin/env node
// Runs the command of exchange-auth, whose package.json says where it is.
const path = require("node:path");

const manifest = require.resolve("exchange-auth/package.json");
require(path.join(path.dirname(manifest), require(manifest).bin["exo-auth"]));
