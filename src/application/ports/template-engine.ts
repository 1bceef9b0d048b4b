import type { TemplateParts } from '../../domain/notification-template/notification-template.js';
import type { PartName, RenderedParts, Variables } from '../notifications/template.js';

/**
 * The template is at fault: it does not parse, names an unknown variable, or takes too much. The message is for its
 * author.
 */
export class TemplateInvalid extends Error {
  constructor(
    readonly reason: string,
    /** The part that is at fault, where it is one. */
    readonly part?: PartName,
    options?: ErrorOptions,
  ) {
    super(part === undefined ? reason : `${part}: ${reason}`, options);
    this.name = 'TemplateInvalid';
  }
}

/**
 * Fills templates written by administrators of tenants. Values are escaped for the part they stand in: HTML, plain
 * text, or a subject of one line. Templates reach nothing but the variables and are bounded in size, steps and memory.
 */
export abstract class TemplateEngine {
  /** @throws TemplateInvalid */
  abstract render(parts: TemplateParts, variables: Variables): RenderedParts;
}
