/** Names the folder of the records of unanswered calls; absent, empty or `off`: there are none. */
export const recordsVariable = 'OPENSTACK_CPI_RECORDS_DIR'
