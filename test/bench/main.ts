// npm run bench [-- <part>…]: figures as ratios of what was measured in the same run. Progress goes to standard error.
import '../../src/thread-pool.js';
import { availableParallelism } from 'node:os';
import { benchAppending } from './appending.js';
import { benchClientCredentials } from './client-credentials.js';
import { benchIntrospection } from './introspection.js';
import { benchLogin } from './login.js';
import type { Figure, Part } from './measure.js';
import { benchRefresh } from './refresh.js';
import { benchReplay } from './replay.js';
import { benchStart } from './start.js';

const parts: readonly Part[] = [
  { name: 'login', about: 'sign-in against hashing alone', run: benchLogin },
  { name: 'append', about: 'group commit against one transaction per append', run: benchAppending },
  { name: 'replay', about: 'a long log into read models', run: benchReplay },
  { name: 'start', about: 'until the service is ready, with an empty and with a long log', run: benchStart },
  { name: 'introspection', about: 'opaque tokens and JWTs against Express', run: benchIntrospection },
  { name: 'client-credentials', about: 'tokens of machines against Express', run: benchClientCredentials },
  { name: 'refresh', about: 'rotation against Express, and memory', run: benchRefresh },
];

// Servers end with this process, however it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  const known = parts.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n');
  process.stderr.write(`There is no part ${unknown.join(', ')}. The parts are\n${known}\n`);
  process.exit(2);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const row = ({ what, measured, baseline, ratio, target }: Figure): string =>
  `| ${what} | ${measured} | ${baseline} | ${ratio === undefined ? '' : ratio.toFixed(2)} | ${target} |`;

print(`Node.js ${process.versions.node}, ${availableParallelism()} processors\n`);
print('| what | measured | baseline | ratio | target |\n|---|---|---|---|---|');
for (const { name, run } of parts.filter((part) => asked.length === 0 || asked.includes(part.name))) {
  const figures = await run((progress) => void process.stderr.write(`${name}: ${progress}\n`));
  for (const figure of figures) print(row(figure));
}
