/**
 * An `http` or `https` address in the characters of RFC 3986 section 2, without user information. Pages that show an account put it into
 * their markup: any other scheme may be a script there, any other character may end the attribute.
 */
export const webAddress = /^https?:\/\/[A-Za-z0-9.:[\]-]+(?:[/?#][A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*)?$/;

export const webAddressMessage = { message: 'must be an http or https address' };
