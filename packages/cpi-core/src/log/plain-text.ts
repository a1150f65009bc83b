/**
 * Text that is safe on a terminal: well-formed, and blanks in place of control characters other than tabs and line ends.
 * Names and messages come from the cloud, where others could write what steers the terminal of who reads the log.
 */
export const plainText = (text: string): string => text.toWellFormed().replace(/(?![\t\r\n])\p{Cc}/gu, ' ')
