/** What Node writes for bytes that are not UTF-8; by such a name nothing is found. */
export const notUtf8 = '\uFFFD';
