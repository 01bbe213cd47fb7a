// Calls the methods of examples/pulumi-dynamic's provider as Pulumi's plugin for dynamic providers would.
//
//   node dynamic.js COMPILED-RESTINSTANCE.js METHOD ARGUMENTS(JSON array)
//
// One JSON object on stdout: {answer} or {error}.
"use strict";
const [file, method, args] = process.argv.slice(2);
const { provider } = require(file);

provider[method](...JSON.parse(args)).then(
  (answer) => console.log(JSON.stringify({ answer: answer ?? null })),
  (error) => console.log(JSON.stringify({ error: error.message }))
);
