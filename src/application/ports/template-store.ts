import type { TemplateParts } from '../../domain/notification-template/notification-template.js';
import type { TenantId } from '../../domain/values.js';
import type { NotificationKind } from '../notifications/kinds.js';

export type NewTemplate = Readonly<{ kind: NotificationKind; locale: string; parts: TemplateParts }>;

/** `revision` is 1 or more, and never the same again for anything else; 0 stands for a template that is not stored. */
export type StoredTemplate = NewTemplate & Readonly<{ revision: number }>;

/** The wordings in which a tenant departs from the defaults: what its changes amount to, as soon as they are acknowledged. */
export abstract class TemplateStore {
  /** All of a tenant, or those of one kind. */
  abstract list(tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]>;
}
