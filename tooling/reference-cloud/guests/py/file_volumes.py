"""A Cinder driver that keeps each volume in a sparse file, which a hypervisor on this machine opens directly.

Nova's libvirt driver knows a connection type that is nothing but the path of a file ("gpfs"): no device, no mount.
"""
import os
import subprocess

from cinder import interface
from cinder.image import image_utils
from cinder.volume import driver
from cinder.volume import volume_utils
from oslo_config import cfg

GIB = 1024 ** 3
cfg.CONF.register_opts([cfg.StrOpt('file_volumes_folder')], group='backend_defaults')


@interface.volumedriver
class FileVolumeDriver(driver.VolumeDriver):
    VERSION = '1'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values([cfg.StrOpt('file_volumes_folder')])

    @staticmethod
    def get_driver_options():
        return [cfg.StrOpt('file_volumes_folder')]

    def _path(self, thing):
        return os.path.join(self.configuration.file_volumes_folder, thing.name)

    def _copy(self, source, target, gib):
        subprocess.run(['cp', '--sparse=always', '--reflink=auto', source, target], check=True)
        os.truncate(target, max(os.path.getsize(target), gib * GIB))

    def check_for_setup_error(self):
        os.makedirs(self.configuration.file_volumes_folder, exist_ok=True)

    def _update_volume_stats(self):
        disk = os.statvfs(self.configuration.file_volumes_folder)
        self._stats = {
            'volume_backend_name': self.configuration.safe_get('volume_backend_name') or 'file_volumes',
            'vendor_name': 'test', 'driver_version': self.VERSION, 'storage_protocol': 'file',
            'total_capacity_gb': 1000, 'free_capacity_gb': disk.f_bavail * disk.f_frsize // GIB,
            'thin_provisioning_support': True, 'max_over_subscription_ratio': 20.0, 'reserved_percentage': 0,
            'multiattach': False, 'QoS_support': False, 'online_extend_support': False}

    def create_volume(self, volume):
        with open(self._path(volume), 'xb') as f:
            f.truncate(volume.size * GIB)

    def delete_volume(self, volume):
        if os.path.exists(self._path(volume)):
            os.remove(self._path(volume))

    delete_snapshot = delete_volume

    def create_snapshot(self, snapshot):
        self._copy(self._path(snapshot.volume), self._path(snapshot), snapshot.volume_size)

    def create_volume_from_snapshot(self, volume, snapshot):
        self._copy(self._path(snapshot), self._path(volume), volume.size)

    def create_cloned_volume(self, volume, src_vref):
        self._copy(self._path(src_vref), self._path(volume), volume.size)

    def extend_volume(self, volume, new_size):
        os.truncate(self._path(volume), new_size * GIB)

    def retype(self, context, volume, new_type, diff, host):
        return True, None  # every type is a file in the same folder

    def copy_image_to_volume(self, context, volume, image_service, image_id, disable_sparse=False):
        image_utils.fetch_to_raw(context, image_service, image_id, self._path(volume), '1M', size=volume.size,
                                 run_as_root=False)
        os.truncate(self._path(volume), volume.size * GIB)

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        volume_utils.upload_volume(context, image_service, image_meta, self._path(volume), volume, run_as_root=False)

    def initialize_connection(self, volume, connector, **kwargs):
        return {'driver_volume_type': 'gpfs', 'data': {'device_path': self._path(volume), 'name': volume.name}}

    def terminate_connection(self, volume, connector, **kwargs):
        pass

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass
