import { createHash } from 'node:crypto';
import type { JSX } from 'preact';
import { pagePolicy } from '../answer/security-headers.js';
import type { Rendered } from '../answer/rendering.js';
import { documentOf } from './html.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import type { Wording } from './wording/wording.js';

/** Whose page it is. */
export type Brand = Readonly<{
  name: string;
  home: string;
  /** Its own colours, where it has some. */
  accent?: string;
  links?: Readonly<Partial<Record<'support' | 'terms' | 'privacy', string>>>;
}>;

export type Page = Readonly<{
  words: Wording;
  brand?: Brand;
  title: string;
  content: JSX.Element;
  /** Sources that its forms, or what follows them, lead to beside the service. */
  formTargets?: readonly string[];
  /** Shows what is wrong with what was sent. */
  failed?: boolean;
}>;

export const pageType = 'text/html; charset=utf-8';
export const stylePath = '/pages/style.css';
export const scriptPath = '/pages/script.js';
export const iconPath = '/pages/icon.svg';

/** A new service brings its own style along, whatever a browser has kept of the old one. */
const versioned = (path: string, text: string): string =>
  `${path}?v=${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;

const style = versioned(stylePath, pageStyle);
const styleOf = ({ home, accent = '' }: Brand): string | undefined =>
  accent === '' ? undefined : versioned(`${home}/brand.css`, accent);
const script = versioned(scriptPath, pageScript);

const policyOf = (targets: readonly string[]): string =>
  pagePolicy({
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'"],
    'form-action': ["'self'", ...targets],
  });

/** Header fields of every page. Nothing of it is kept anywhere, and its address is told to nobody. */
export const pageFields = ({ words, formTargets = [] }: Pick<Page, 'words' | 'formTargets'>): Rendered['headers'] => ({
  'Content-Security-Policy': policyOf(formTargets),
  'Content-Language': words.language,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept-Language',
});

/** The initial of a name, as a mark. */
const initial = (name: string): string => ([...name.trim()][0] ?? '').toLocaleUpperCase();

const Header = ({ name, home }: Brand) => (
  <header>
    <a class="brand" href={home}>
      <span class="mark" aria-hidden="true">
        {initial(name)}
      </span>
      <span>{name}</span>
    </a>
  </header>
);

const Footer = ({ words, links }: Readonly<{ words: Wording; links: NonNullable<Brand['links']> }>) => {
  const named = (['support', 'terms', 'privacy'] as const).filter((name) => links[name] !== undefined);
  if (named.length === 0) return null;
  return (
    <footer>
      {named.map((name) => (
        <a href={links[name]}>{words.footer[name]}</a>
      ))}
    </footer>
  );
};

export const pageHtml = ({ words, brand, title, content, failed }: Page): string =>
  documentOf(
    <html lang={words.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{`${failed ? words.errorInTitle : ''}${title}${brand ? ` · ${brand.name}` : ''}`}</title>
        <link rel="icon" href={iconPath} type="image/svg+xml" />
        <link rel="stylesheet" href={style} />
        {brand && styleOf(brand) !== undefined && <link rel="stylesheet" href={styleOf(brand)} />}
        <script src={script} defer />
      </head>
      <body>
        {brand && <Header {...brand} />}
        <main>{content}</main>
        {brand?.links && <Footer words={words} links={brand.links} />}
      </body>
    </html>,
  );
