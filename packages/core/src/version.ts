/** The version of this package. Copies of the package in one process share objects only if their versions are equal. */
export const VERSION = '0.1.0';
