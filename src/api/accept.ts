import { mediaTypesOf, type Responses } from './responses.js';

/** Whether an `Accept` field (RFC 9110 section 12.5.1) admits one of the answers; no field admits all. */
export function acceptable(field: string | undefined, responses: Responses): boolean {
  if (field === undefined || field === '*/*') return true;
  const mediaTypes = mediaTypesOf(responses);
  if (mediaTypes.length === 0) return true;
  const ranges = field.split(',').map(parseRange);

  return mediaTypes.some((mediaType) => admits(ranges, (mediaType.split(';')[0] ?? '').trim()));
}

type Range = Readonly<{ range: string; refused: boolean }>;

function parseRange(text: string): Range {
  const [range = '', ...parameters] = text.toLowerCase().split(';');
  return { range: range.trim(), refused: parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(parameter)) };
}

/** The most specific range that matches decides. */
function admits(ranges: readonly Range[], mediaType: string): boolean {
  const wanted = [mediaType, `${mediaType.split('/')[0] ?? ''}/*`, '*/*'];
  const deciding = wanted
    .map((range) => ranges.find((given) => given.range === range))
    .find((range) => range !== undefined);
  return deciding !== undefined && !deciding.refused;
}
