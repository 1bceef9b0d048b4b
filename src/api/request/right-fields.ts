import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { Class } from '../answer/responses.js';
import { fieldsOfClass } from './class-fields.js';

type Check = (instance: object, value: unknown) => boolean;
type Field = Readonly<{ name: string; isAsked: Check; isRight: Check }>;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

const known = new WeakMap<Class, readonly Field[]>();

/**
 * Whether every field passes the validators that its class gives it. The library looks through the decorators of all classes for every
 * object, and prepares an error for every field; most bodies have none. Where this says no, the library has the last word.
 */
export function allRight<T extends object>(type: Class<T>, instance: T): boolean {
  return checksOf(type).every(({ name, isAsked, isRight }) => {
    const value = (instance as Record<string, unknown>)[name];
    return !isAsked(instance, value) || isRight(instance, value);
  });
}

function checksOf(type: Class): readonly Field[] {
  const before = known.get(type);
  if (before !== undefined) return before;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const fields = [...fieldsOfClass(type)].map((name) => {
    const own = metadata.filter(({ propertyName }) => propertyName === name);
    return {
      name,
      isAsked: conditionOf(own.filter((one) => one.type === ValidationTypes.CONDITIONAL_VALIDATION)),
      isRight: checkOf(own.filter((one) => one.type !== ValidationTypes.CONDITIONAL_VALIDATION)),
    };
  });
  known.set(type, fields);
  return fields;
}

const conditionOf = (conditions: readonly Metadata[]): Check => {
  const asked = conditions.map(({ constraints }) => constraints[0] as Check);
  return (instance, value) => asked.every((ask) => ask(instance, value));
};

const checkOf = (validations: readonly Metadata[]): Check => {
  const checks = validations.flatMap(checksOfDecorator);
  return (instance, value) => checks.every((check) => check(instance, value));
};

/** A decorator that does more than ask a constraint, such as to look inside, is left to the library. */
function checksOfDecorator(metadata: Metadata): readonly Check[] {
  const { type, constraintCls, constraints, propertyName: property, each, validateIf } = metadata;
  if (type !== ValidationTypes.CUSTOM_VALIDATION || each || validateIf !== undefined) return [() => false];

  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ async, instance: constraint }) => (object, value) => {
      const told = { targetName: object.constructor.name, property, object, value, constraints };
      return !async && constraint.validate(value, told) === true;
    });
}
