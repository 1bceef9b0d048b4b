#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { sufficientNode } from './sufficient-node.mjs';

const program = new URL('../dist/src/cli/main.js', import.meta.url);

await sufficientNode();
if (!existsSync(program)) {
  console.error('Annal is not built yet: run `npm run build` first.');
  process.exit(1);
}
process.setSourceMapsEnabled(true);
await import(program.href);
