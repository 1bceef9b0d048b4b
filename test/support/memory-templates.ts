import type { NotificationKind } from '../../src/application/notifications/kinds.js';
import { type NewTemplate, type StoredTemplate, TemplateStore } from '../../src/application/ports/template-store.js';
import type { TenantId } from '../../src/domain/values.js';

/** The wordings of one tenant. */
export class MemoryTemplates extends TemplateStore {
  private stored: readonly StoredTemplate[] = [];

  async list(_tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]> {
    return this.stored.filter((one) => kind === undefined || one.kind === kind);
  }

  put(template: NewTemplate): void {
    this.remove(template.kind, template.locale);
    this.stored = [...this.stored, { ...template, revision: 1 }];
  }

  remove(kind: NotificationKind, locale: string): void {
    this.stored = this.stored.filter((one) => one.kind !== kind || one.locale !== locale);
  }
}
