/** The columns of a table, for lists that filter and sort by any of them. */
export type Columns<T> = Readonly<Record<string, (record: T) => string | null>>

/** Filters by columns; the database compares without case. */
export const columnFilters = <T>(columns: Columns<T>): Record<string, (record: T, value: string) => boolean> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, of]) => [
      name,
      (record: T, value: string) => of(record)?.toLowerCase() === value.toLowerCase(),
    ]),
  )
