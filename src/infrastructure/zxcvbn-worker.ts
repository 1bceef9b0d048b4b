import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

/* Runs in a thread of its own: scoring takes up to half a second of pure computation. */

export type Question = Readonly<{ password: string; words: readonly string[] }>;
export type Score = 0 | 1 | 2 | 3 | 4;

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
});

parentPort?.on('message', ({ password, words }: Question) => {
  parentPort?.postMessage(zxcvbn.check(password, [...words]).score satisfies Score);
});
