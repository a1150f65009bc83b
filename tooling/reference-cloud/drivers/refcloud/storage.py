"""A Cinder driver that keeps no bytes.

It is Cinder's own FakeLoggingVolumeDriver, plus the calls which that one leaves to LVM.
"""
import os
import tempfile

import cinder.privsep
from cinder import interface
from cinder.tests import fake_driver
from cinder.volume import volume_utils

# Newer releases inspect images with privileges: nothing here needs any.
cinder.privsep.sys_admin_pctxt.set_client_mode(False)


@interface.volumedriver
class FakeStorageDriver(fake_driver.FakeLoggingVolumeDriver):

    def extend_volume(self, volume, new_size):
        pass

    def create_cloned_volume(self, volume, src_vref):
        pass

    def create_volume_from_snapshot(self, volume, snapshot):
        pass

    def revert_to_snapshot(self, context, volume, snapshot):
        pass

    def copy_image_to_volume(self, context, volume, image_service, image_id,
                             disable_sparse=False):
        """The manager has fetched and inspected the image: nothing to keep."""

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'volume')
            with open(path, 'wb') as f:
                f.truncate(1024 * 1024)
            volume_utils.upload_volume(context, image_service, image_meta,
                                       path, volume)
