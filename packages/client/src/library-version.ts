/** This package's version, for CLIENT SETINFO. A test holds it against package.json. */
export const LIBRARY_VERSION = '0.0.0';
