import type { TenantId } from '../../domain/values.js';
import type { NotificationKind } from '../notifications/kinds.js';
import type { TemplateParts } from '../notifications/template.js';

export type NewTemplate = Readonly<{ kind: NotificationKind; locale: string; parts: TemplateParts }>;

/** `revision` is 1 or more, and never the same again for anything else; 0 stands for a template that is not stored. */
export type StoredTemplate = NewTemplate & Readonly<{ revision: number }>;

/** The wordings in which a tenant departs from the defaults. */
export abstract class TemplateStore {
  /** All of a tenant, or those of one kind. */
  abstract list(tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]>;
  /** @returns the new revision, or undefined where the template is not at `expected` */
  abstract put(tenant: TenantId, template: NewTemplate, expected?: number): Promise<number | undefined>;
  /** Harmless where there is none. @returns false where the template is not at `expected` */
  abstract remove(tenant: TenantId, kind: NotificationKind, locale: string, expected?: number): Promise<boolean>;
}
