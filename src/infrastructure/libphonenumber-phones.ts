import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { Phones } from '../application/ports/phones.js';
import { type IdentifierRefusal, isRefused, type NormalisedIdentifier } from '../domain/user/normalised-identifier.js';
import { normalisePhone } from '../domain/user/phone.js';
import { plain } from '../domain/user/unicode.js';

const unknown: IdentifierRefusal = { kind: 'phone', problem: 'phone-unknown' };

export class LibphonenumberPhones extends Phones {
  parse(input: string, region?: string): NormalisedIdentifier | IdentifierRefusal {
    const shape = normalisePhone(input);
    // What only lacks its country code may still be read in a region.
    if (isRefused(shape) && (shape.problem !== 'phone-without-country-code' || !knows(region))) return shape;
    const text = isRefused(shape) ? plain(input) : shape.display;
    const number = parsePhoneNumberFromString(text, {
      extract: false,
      ...(knows(region) && { defaultCountry: region }),
    });
    if (!number?.isValid() || number.ext !== undefined) return unknown;

    return normalisePhone(number.number);
  }
}

const knows = (region: string | undefined): region is CountryCode => region !== undefined && isSupportedCountry(region);
