import { ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/** The field may be null; other decorators say what it is otherwise. */
export function Nullable(): PropertyDecorator {
  return (target, property) => {
    ValidateIf((_, value) => value !== null)(target, String(property));
    JSONSchema((schema) => ({ anyOf: [schema, { type: 'null' }] }) as unknown as typeof schema)(
      target,
      String(property),
    );
  };
}
