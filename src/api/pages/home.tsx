import { IsOptional, IsString, MaxLength } from 'class-validator';
import { text } from '../answer/responses.js';
import { type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { brandStyle } from './brand-style.js';
import { everyLanguage, wordsFor } from './language.js';
import { iconPath, pageFields, pageHtml, pageType, scriptPath, stylePath } from './layout.js';
import { pageScript } from './page-script.js';
import { pageStyle } from './page-style.js';
import { siteOf } from './site.js';
import { icon } from './symbols.js';

/** What the pages need that no use case gives. */
export type HomeServices = Readonly<{
  /** Whether `/mailbox` shows the messages, which no one else gets then. */
  servesMailbox: boolean;
}>;

class VersionQuery {
  @IsOptional() @IsString() @MaxLength(20) v?: string;
}

const html = { 200: text(pageType, 'A page.', '<!doctype html>') } as const;
const row = { method: 'get', tag: 'pages', access: 'public', undocumented: true, otherParameters: 'ignored' } as const;
const kept = { 'Cache-Control': 'public, max-age=86400' };

type Link = Readonly<{ to: string; label: string }>;

const Home = ({ heading, text: what, links }: Readonly<{ heading: string; text: string; links: readonly Link[] }>) => (
  <>
    <h1>{heading}</h1>
    <p>{what}</p>
    <ul class="links">
      {links.map(({ to, label }) => (
        <li>
          <a href={to}>{label}</a>
        </li>
      ))}
    </ul>
  </>
);

/** Where people land who know only a name, and what all pages load. */
export const homePages: readonly Route<HomeServices & Pick<Services, 'tenants'>>[] = [
  route({
    ...row,
    id: 'servicePage',
    path: '/',
    summary: 'What this service is',
    responses: html,
    handler:
      ({ servesMailbox }: HomeServices) =>
      async ({ header }) => {
        const words = wordsFor(header('accept-language'), everyLanguage);
        const { title, text: what, reference, problems, mailbox, standardTenant } = words.service;
        const links = [
          { to: '/docs', label: reference },
          ...(servesMailbox ? [{ to: '/mailbox', label: mailbox }] : []),
          { to: '/t/default', label: standardTenant },
          { to: '/problems', label: problems },
        ];
        const content = <Home heading={title} text={what} links={links} />;
        const page = { words, brand: { name: 'Annal', home: '/' }, title, content };
        return { status: 200, body: pageHtml(page), headers: pageFields(page) };
      },
  }),
  route({
    ...row,
    id: 'tenantPage',
    path: '/t/:tenant',
    summary: 'What a tenant’s issuer address shows to people',
    responses: html,
    handler:
      ({ tenants }: Pick<Services, 'tenants'>) =>
      async (request) => {
        const { words, brand } = await siteOf(tenants, request);
        const { text: what, reset, verify, reference } = words.tenant;
        const links = [
          { to: `${brand.home}/reset-password`, label: reset },
          { to: `${brand.home}/verify-email`, label: verify },
          { to: '/docs', label: reference },
        ];
        const content = <Home heading={brand.name} text={what(brand.name)} links={links} />;
        const page = { words, brand, title: words.tenant.title, content };
        return { status: 200, body: pageHtml(page), headers: pageFields(page) };
      },
  }),
  route({
    ...row,
    id: 'pageStyle',
    path: stylePath,
    summary: 'The style of all pages',
    query: VersionQuery,
    responses: { 200: text('text/css; charset=utf-8', 'The style sheet', '') },
    handler: () => async () => ({ status: 200, body: pageStyle, headers: kept }),
  }),
  route({
    ...row,
    id: 'brandStyle',
    path: '/t/:tenant/brand.css',
    summary: 'The colours of a tenant',
    query: VersionQuery,
    responses: { 200: text('text/css; charset=utf-8', 'The style sheet', '') },
    handler:
      ({ tenants }: Pick<Services, 'tenants'>) =>
      async ({ tenant }) => {
        const { settings } = await tenants.activePolicy(tenant.id);
        return { status: 200, body: brandStyle(settings.branding.accent), headers: kept };
      },
  }),
  route({
    ...row,
    id: 'pageScript',
    path: scriptPath,
    summary: 'What pages can do where scripts run',
    query: VersionQuery,
    responses: { 200: text('text/javascript; charset=utf-8', 'The script', '') },
    handler: () => async () => ({ status: 200, body: pageScript, headers: kept }),
  }),
  route({
    ...row,
    id: 'pageIcon',
    path: iconPath,
    summary: 'The icon of all pages',
    responses: { 200: text('image/svg+xml', 'The icon', '') },
    handler: () => async () => ({ status: 200, body: icon, headers: kept }),
  }),
];
