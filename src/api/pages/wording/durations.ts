/** `in 5 minutes`, rounded up, in the largest unit that still tells enough. */
export function inTime(language: string, seconds: number): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  if (seconds < 60) return format.format(Math.ceil(seconds), 'second');
  return seconds < 5_400
    ? format.format(Math.ceil(seconds / 60), 'minute')
    : format.format(Math.ceil(seconds / 3_600), 'hour');
}
