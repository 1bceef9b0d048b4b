import type { ProblemRow } from './problems/problem-row.js';
import { rejectionProblems } from './problems/rejection-problems.js';
import { requestProblems } from './problems/request-problems.js';
import { useCaseProblems } from './problems/use-case-problems.js';

/** Every way a request can fail. Codes are API: clients compare them, so a released one is never renamed. */
export const problems = { ...requestProblems, ...rejectionProblems, ...useCaseProblems };

export type ProblemCode = keyof typeof problems;

export const problemRow = (code: ProblemCode): ProblemRow => problems[code];

export const problemCodes = Object.keys(problems) as readonly ProblemCode[];

/** For codes that arrive as text. */
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);
