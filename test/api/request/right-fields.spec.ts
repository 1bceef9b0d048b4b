import 'reflect-metadata';
import { expect } from 'chai';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min, ValidateNested, validateSync } from 'class-validator';
import { allRight } from '../../../src/api/request/right-fields.js';

class Inner {
  @IsString() name!: string;
}

class Base {
  @IsOptional() @IsIn(['a', 'b']) letter?: unknown;
}

class Plain extends Base {
  @IsString() @MaxLength(3) text!: unknown;
  @IsOptional() @IsInt() @Min(2) count?: unknown;
}

class Deep {
  @ValidateNested() @Type(() => Inner) inner!: unknown;
  @IsOptional() @IsString({ each: true }) words?: unknown;
}

const values = [undefined, null, '', 'a', 'abcd', 1, 2, 2.5, Number.NaN, true, [], ['a'], [1], {}];
const libraryAccepts = (instance: object): boolean =>
  validateSync(instance, { forbidUnknownValues: false }).length === 0;

describe('fields that are right', () => {
  it('are those that the library has nothing to say about, whatever stands in them', () => {
    for (const text of values) {
      for (const count of values) {
        for (const letter of values) {
          const instance = Object.assign(new Plain(), { text, count, letter });
          expect(allRight(Plain, instance), JSON.stringify(instance)).to.equal(libraryAccepts(instance));
        }
      }
    }
  });

  it('are left to the library where a decorator looks inside', () => {
    const inside = Object.assign(new Deep(), { inner: Object.assign(new Inner(), { name: 1 }), words: [1] });
    expect([allRight(Deep, inside), libraryAccepts(inside)]).to.deep.equal([false, false]);
  });
});
