/** How a tenant's pages look and where they lead; an empty text is nothing said. */
export type Branding = Readonly<{
  /** `#rrggbb`; buttons and links. Dark enough to be read on white. */
  accent: string;
  /** Addresses of the tenant's own pages, `https`. */
  supportUrl: string;
  termsUrl: string;
  privacyUrl: string;
}>;

type Channels = readonly [red: number, green: number, blue: number];

const form = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

const channelsOf = (colour: string): Channels | undefined => {
  const [, red, green, blue] = form.exec(colour) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [parseInt(red, 16), parseInt(green, 16), parseInt(blue, 16)];
};

const textOf = (channels: Channels): string =>
  `#${channels.map((one) => Math.round(one).toString(16).padStart(2, '0')).join('')}`;

/** `share` of the second in the first. */
const mixed = (one: Channels, other: Channels, share: number): Channels => [
  one[0] + (other[0] - one[0]) * share,
  one[1] + (other[1] - one[1]) * share,
  one[2] + (other[2] - one[2]) * share,
];

/** Relative luminance (WCAG 2.2). */
function luminance(channels: Channels): number {
  const [red = 0, green = 0, blue = 0] = channels.map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio (WCAG 2.2), 1 to 21. */
function contrast(one: Channels, other: Channels): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const white: Channels = [255, 255, 255];
const black: Channels = [0, 0, 0];
/** The sheet of the pages in the dark, and text on what is light there. */
const darkSheet: Channels = [0x1b, 0x21, 0x2a];
const darkInk: Channels = [0x0d, 0x12, 0x18];

/** Least contrast of text (WCAG 2.2, 1.4.3), with what rounding takes away. */
const readable = 4.6;

/** The colours of one scheme that follow from the accent. */
export type Palette = Readonly<{ accent: string; onAccent: string; strong: string; tint: string }>;

const palette = (accent: Channels, sheet: Channels, onAccent: Channels, towards: Channels): Palette => ({
  accent: textOf(accent),
  onAccent: textOf(onAccent),
  strong: textOf(mixed(accent, towards, 0.25)),
  tint: textOf(mixed(sheet, accent, 0.08)),
});

const canBeRead = (accent: Channels, sheet: Channels): boolean =>
  contrast(accent, mixed(sheet, accent, 0.08)) >= readable;

/** Whether text of this colour can be read on the pages. */
export function isReadableAccent(accent: string): boolean {
  const channels = channelsOf(accent);
  return channels !== undefined && canBeRead(channels, white);
}

/** In the dark the accent is as light as it must be. Undefined where none is said, or none that can be read. */
export function palettes(accent: string): Readonly<{ light: Palette; dark: Palette }> | undefined {
  const channels = channelsOf(accent);
  if (!channels || !canBeRead(channels, white)) return undefined;
  const shares = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const lightened = shares.map((share) => mixed(channels, white, share)).find((one) => canBeRead(one, darkSheet));
  return {
    light: palette(channels, white, white, black),
    dark: palette(lightened ?? white, darkSheet, darkInk, white),
  };
}

/** An `https` address in the characters of RFC 3986 section 2, without user information. */
export const isWebLink = (text: string): boolean =>
  text === '' ||
  (text.length <= 2_000 &&
    /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*)?$/.test(text));
