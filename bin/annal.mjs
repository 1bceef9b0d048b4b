#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { sufficientNode } from './sufficient-node.mjs';

const program = new URL('../dist/src/cli/main.js', import.meta.url);

await sufficientNode();
if (!existsSync(program)) {
  console.error('Annal is not built yet: run `npm run build` first.');
  process.exit(1);
}
// Compiled code is kept beside the packages it comes from; where that folder cannot be written, every start compiles anew.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/annal', import.meta.url)));
// Traces name the sources of Annal; those of packages would be read at every start for nothing.
if (module.setSourceMapsSupport === undefined) process.setSourceMapsEnabled(true);
else module.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
await import(program.href);
