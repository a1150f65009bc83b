/** Names the folder of the records of pending results; absent, empty or `off`: there are none. */
export const recordsVariable = 'OPENSTACK_CPI_RECORDS_DIR'
