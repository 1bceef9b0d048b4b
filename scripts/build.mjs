// Compiles src and test to dist, incrementally; prints nothing when all is well. What has lost its source is removed:
// a renamed spec must not go on running.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sufficientNode } from '../bin/sufficient-node.mjs';

await sufficientNode();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

for (const folder of ['src', 'test']) {
  const compiled = join('dist', folder);
  if (!existsSync(compiled)) continue;
  for (const path of readdirSync(compiled, { recursive: true })) {
    const source = join(folder, path).replace(/\.js(\.map)?$/, '');
    const orphaned = source !== join(folder, path) && !existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`);
    if (orphaned) rmSync(join(compiled, path));
  }
}

const tsc = 'node_modules/typescript/bin/tsc';
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
process.exit(status ?? 1);
