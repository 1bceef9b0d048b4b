/**
 * What a User-Agent header claims; never a proof of anything. `browser` and `operatingSystem` are missing where nothing
 * was recognised.
 */
export type UserAgent = Readonly<{
  /** Name and major version: `Firefox 131`. */
  browser?: string;
  /** Name and version: `Windows 10`, `iOS 17.5`. */
  operatingSystem?: string;
  device: 'desktop' | 'mobile' | 'tablet' | 'bot' | 'other';
}>;

export abstract class UserAgents {
  /** Never throws; a missing, hostile or overlong header gives `{ device: 'other' }` or what its beginning says. */
  abstract parse(header: string | undefined): UserAgent;
}
