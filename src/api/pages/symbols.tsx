import type { JSX } from 'preact';

/** What a page is about, at a glance. It says nothing that the heading does not say. */
export type SymbolName = 'done' | 'failed' | 'mail' | 'key' | 'person';

const paths: Readonly<Record<SymbolName, () => JSX.Element>> = {
  done: () => <path d="M5 12.5l4.5 4.5L19 7.5" />,
  failed: () => (
    <>
      <path d="M12 7v6" />
      <path d="M12 16.75v.25" />
      <circle cx="12" cy="12" r="9.25" />
    </>
  ),
  mail: () => (
    <>
      <rect x="3" y="5.5" width="18" height="13" rx="2" />
      <path d="M3.5 7l8.5 6.5L20.5 7" />
    </>
  ),
  key: () => (
    <>
      <circle cx="8" cy="15.5" r="4.25" />
      <path d="M11.25 12.25L20 3.5" />
      <path d="M16.5 7l2.75 2.75" />
    </>
  ),
  person: () => (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6" />
    </>
  ),
};

const tones: Readonly<Record<SymbolName, 'good' | 'bad' | 'plain'>> = {
  done: 'good',
  failed: 'bad',
  mail: 'plain',
  key: 'plain',
  person: 'plain',
};

export const Emblem = ({ of: name }: Readonly<{ of: SymbolName }>) => (
  <div class={`symbol ${tones[name]}`} aria-hidden="true">
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {paths[name]()}
    </svg>
  </div>
);

/** Of the browser's tab. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#1f4fd8"/>
<path d="M9 23L16 8l7 15M11.75 18h8.5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`;
