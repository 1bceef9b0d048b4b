import { problemOf } from '../problems/failures.js';
import { Problem } from '../problems/problem.js';
import type { ProblemCode } from '../problems.js';
import type { ShownRefusal } from './wording/wording.js';

export type ShownProblem = Problem & Readonly<{ code: ShownRefusal }>;

const shownRefusals: Readonly<Record<ShownRefusal, true>> = {
  busy: true,
  'identifier-taken': true,
  'invalid-fields': true,
  'invalid-flow': true,
  'invalid-proof': true,
  'too-many-attempts': true,
  'too-many-messages': true,
  'wrong-credentials': true,
  'wrong-password': true,
  'already-verified': true,
  'nothing-to-verify': true,
  'no-such-session': true,
  'no-password': true,
};

const isShown = (code: ProblemCode): code is ShownRefusal => Object.hasOwn(shownRefusals, code);

/** Does what a form asks for. What the form itself can show comes back; everything else is thrown. */
export async function refusalOf(work: () => Promise<unknown>): Promise<ShownProblem | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const problem = problemOf(error);
    if (isShown(problem.code)) return problem as ShownProblem;
    throw error;
  }
}

/** @throws Problem invalid-fields */
export function requireRepeated({ password, repeated }: Readonly<{ password: string; repeated: string }>): void {
  if (password === repeated) return;
  throw new Problem('invalid-fields', {
    errors: [{ pointer: '/repeated', code: 'passwords-differ', message: 'The two passwords are not the same.' }],
  });
}

/** @throws Problem invalid-fields */
export function requireNamed(identifier: string): void {
  if (identifier.trim() !== '') return;
  throw new Problem('invalid-fields', {
    errors: [{ pointer: '/identifier', code: 'required', message: 'This is needed here.' }],
  });
}

/** A code as it was sent: people type it in groups, as they read it. */
export const typedCode = (code: string): string => code.replace(/[\s-]/g, '');
