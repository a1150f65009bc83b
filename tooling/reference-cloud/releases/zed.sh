# Zed (October 2022), as Debian 12 packages it. Runs on the machine itself.
SUITE=bookworm
CHROOT=0

# How each API runs: a WSGI script or MODULE:CALLABLE for uwsgi; empty: the server of the package itself.
WSGI_KEYSTONE=/usr/bin/keystone-wsgi-public
WSGI_PLACEMENT=/usr/bin/placement-api
WSGI_GLANCE=
WSGI_NOVA=
WSGI_NEUTRON=
WSGI_CINDER=
WSGI_OCTAVIA=/usr/bin/octavia-wsgi

# What Neutron runs beside its API; empty where neutron-server does all of it.
NEUTRON_WORKERS=

NOVA_COMPUTE_DRIVER=fake.FakeDriver

# Waits are this much longer than for a machine of its own.
TIME_FACTOR=1
