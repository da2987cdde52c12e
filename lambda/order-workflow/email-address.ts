import { domainToASCII } from 'node:url';
import isEmail from 'validator/lib/isEmail.js';

/**
 * Whether SES can send to an address, or from it: an ASCII local part of up to 64 characters, also a quoted one, and a domain that
 * may be written in Unicode.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
 */
export function isMailable(address: string): boolean {
  const ascii = toAsciiAddress(address);
  return ascii !== undefined && isEmail(ascii, { allow_utf8_local_part: false });
}

/**
 * The address with its domain in lower case and in ASCII (IDNA), the form that SES takes. Local parts are case-sensitive.
 *
 * @returns undefined if the domain is none
 */
export function toAsciiAddress(address: string): string | undefined {
  // A quoted local part may contain an @.
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1));
  return at < 1 || domain === '' ? undefined : `${address.slice(0, at)}@${domain}`;
}
