import { mediaTypesOf, type Responses } from '../answer/responses.js';

/** Whether an `Accept` field (RFC 9110 section 12.5.1) admits one of the answers; no field admits all. */
export function acceptable(field: string | undefined, responses: Responses): boolean {
  if (field === undefined || field === '*/*') return true;
  const mediaTypes = mediaTypesOf(responses);
  if (mediaTypes.length === 0) return true;
  const ranges = field.split(',').map(parseRange);

  return mediaTypes.some((mediaType) => admits(ranges, (mediaType.split(';')[0] ?? '').trim()));
}

/** Whether a caller would rather have a page than a document of JSON: it names HTML itself, and JSON not before it. */
export function prefersPage(field: string | undefined): boolean {
  if (field === undefined) return false;
  const ranges = field.split(',').map(parseRange);
  const weightOf = (range: string) => ranges.find((given) => given.range === range)?.weight ?? 0;
  const json = Math.max(weightOf('application/json'), weightOf('application/problem+json'));

  return weightOf('text/html') > 0 && weightOf('text/html') >= json;
}

type Range = Readonly<{ range: string; weight: number }>;

/** Section 12.4.2; what is no weight counts as none given. */
const weightForm = /^\s*q\s*=\s*([01](?:\.[0-9]*)?)\s*$/;

function parseRange(text: string): Range {
  const [range = '', ...parameters] = text.toLowerCase().split(';');
  const weight = parameters.map((parameter) => weightForm.exec(parameter)?.[1]).find((value) => value !== undefined);
  return { range: range.trim(), weight: Number(weight ?? 1) };
}

/** The most specific range that matches decides. */
function admits(ranges: readonly Range[], mediaType: string): boolean {
  const wanted = [mediaType, `${mediaType.split('/')[0] ?? ''}/*`, '*/*'];
  const deciding = wanted
    .map((range) => ranges.find((given) => given.range === range))
    .find((range) => range !== undefined);
  return deciding !== undefined && deciding.weight > 0;
}
