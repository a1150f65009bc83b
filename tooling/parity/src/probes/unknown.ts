/** An id that nothing has. */
export const unknownId = '00000000-1111-2222-3333-444444444444'
/** A text of this many letters. */
export const long = (length: number): string => 'x'.repeat(length)
