/** What a rental's reference looks like: eight letters and digits that nobody mistakes. */
const REFERENCE = /^[0-9A-HJKMNP-TV-Z]{8}$/;

export const isReference = (text: string): boolean => REFERENCE.test(text);
