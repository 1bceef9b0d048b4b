import type { TenantPolicy, Tenants } from '../../application/tenants.js';
import type { TenantRef } from '../access/tenants.js';
import { wordsFor } from './language.js';
import type { Brand } from './layout.js';
import type { Wording } from './wording/wording.js';

/** The pages of one tenant, in the language of one visitor. */
export type Site = Readonly<{
  words: Wording;
  policy: TenantPolicy;
  brand: Brand;
  /** Where forms of its pages lead in the end, beside the service itself. */
  formTargets?: readonly string[];
}>;

/** What a page must know of the request for it. */
export type Visit = Readonly<{ tenant: TenantRef; header: (name: string) => string | undefined }>;

/** @throws CommandRejected tenant-suspended, no-such-tenant */
export async function siteOf(
  tenants: Tenants,
  { tenant, header }: Visit,
  /** `ui_locales` of an authorization request, which stand before what the browser says. */
  wished: readonly string[] = [],
): Promise<Site> {
  const policy = await tenants.activePolicy(tenant.id);
  return {
    words: wordsFor([...wished, header('accept-language') ?? ''].join(','), policy.settings.locales),
    policy,
    brand: brandOf(policy),
  };
}

function brandOf({ name, slug, settings: { branding } }: TenantPolicy): Brand {
  const { accent, supportUrl, termsUrl, privacyUrl } = branding;
  const links = {
    ...(supportUrl !== '' && { support: supportUrl }),
    ...(termsUrl !== '' && { terms: termsUrl }),
    ...(privacyUrl !== '' && { privacy: privacyUrl }),
  };
  return { name, home: `/t/${slug}`, accent, links };
}
