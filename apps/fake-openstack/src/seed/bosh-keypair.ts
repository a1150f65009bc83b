/** The public key of the `bosh` seed. Nobody has the private one: no guest boots in the fake cloud. */
export const boshPublicKey =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCnL6NPq3/dTjk9nvX7AQ3lCfClzIpaSzT+zD7HzqvQza38qNKSe9PZ/Jc7B1b6h3rsNe6YWSsgGIkf1OHiqkOUqB9P6f4BDqk8CjFQrGozsUtGoXHvjlBkST5lx6vGcV2EsGjW+z0g1pWDT8+6BStqeUawCmoT63/AjBJzQvrqZ7NCji68lmP7rwUGKInF7meyFofh4E/7+YFvn6AWJ0l18PxCUswyLwCRITGEtACm3T5izaROluzy0pioTPfqt5jQHx1DxWK3Q3ITnIJ0DkBkxxjUStEGtvFUL09Tk1/ltPOoey7r8ygrrAW+RFB6Xn6tKOrvInrIrdIaRpcdcX/n bosh'
