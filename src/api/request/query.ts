import { parseForm } from './form-text.js';
import { Problem } from '../problems/problem.js';

export type Parameters = Readonly<Record<string, string>>;

const defaultLimit = 50;
const maxLimit = 200;

/** The part of a request target after `?`. @throws Problem malformed-request, repeated-parameter */
export const parseQuery = (search: string): Parameters => parseForm(search, 'malformed-request');

export type PageParameters = Readonly<{ limit: number; cursor: string | undefined; rest: Parameters }>;

/** Takes `limit` and `cursor` out of the parameters of a paged row. @throws Problem invalid-fields */
export function pageParameters(parameters: Parameters): PageParameters {
  const { limit = String(defaultLimit), cursor, ...rest } = parameters;
  const value = /^[1-9][0-9]{0,2}$/.test(limit) ? Number(limit) : 0;
  if (value < 1 || value > maxLimit) {
    const message = `must be a whole number from 1 to ${maxLimit}`;
    throw new Problem('invalid-fields', { errors: [{ pointer: '?limit', code: 'out-of-range', message }] });
  }

  return { limit: value, cursor, rest };
}
