import type { TenantId } from '../../domain/values.js';
import type { NotificationKind } from '../notifications/kinds.js';
import type { TemplateParts } from '../notifications/template.js';

export type StoredTemplate = Readonly<{ kind: NotificationKind; locale: string; parts: TemplateParts }>;

/** The wordings in which a tenant departs from the defaults. */
export abstract class TemplateStore {
  /** All of a tenant, or those of one kind. */
  abstract list(tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]>;
  abstract put(tenant: TenantId, template: StoredTemplate): Promise<void>;
  /** Harmless where there is none. */
  abstract remove(tenant: TenantId, kind: NotificationKind, locale: string): Promise<void>;
}
