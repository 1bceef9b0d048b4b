import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { Class, JsonSchema } from '../answer/responses.js';
import { fieldsOfClass, nestedClass } from '../request/class-fields.js';
import { oneLinePattern } from '../request/one-line.js';

export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

type Constraint = Readonly<{ constraints: readonly [number, number, number] }>;

/** Decorators of our own, as schemas. */
const converters = {
  isFreeForm: ({ constraints: [entries, name, value] }: Constraint) => ({
    type: 'object',
    maxProperties: entries,
    propertyNames: { maxLength: name, pattern: '^(?!\\$)' },
    additionalProperties: { type: 'string', maxLength: value, pattern: oneLinePattern },
  }),
  isOneLine: { pattern: oneLinePattern },
};

/** The schemas of classes, by the name under which they stand in the document. */
export class SchemaCollection {
  private readonly classes = new Map<string, Class>();

  /** Adds a class and every class it is made of. @throws TypeError where two classes have one name */
  add(type: Class): JsonSchema {
    const known = this.classes.get(type.name);
    if (known !== undefined && known !== type) throw new TypeError(`two classes are called ${type.name}`);
    if (known === undefined) {
      this.classes.set(type.name, type);
      for (const nested of nestedClasses(type)) this.add(nested);
    }
    return schemaRef(type.name);
  }

  /** In order of their names. Members that are not declared are neither accepted nor answered. */
  all(): Readonly<Record<string, JsonSchema>> {
    const names = [...this.classes.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, schemaOf(this.classes.get(name) as Class)]));
  }
}

export const schemaOf = (type: Class): JsonSchema => {
  const schema = targetConstructorToSchema(type, {
    // The library knows its neighbour's storage by a type that the neighbour does not export.
    classTransformerMetadataStorage: defaultMetadataStorage as never,
    additionalConverters: converters as never,
    refPointerPrefix: '#/components/schemas/',
  });
  return { type: 'object', ...schema, additionalProperties: false };
};

const nestedClasses = (type: Class): readonly Class[] =>
  [...fieldsOfClass(type)].flatMap((field) => nestedClass(type, field) ?? []);
