"""Writes what the services of this machine publish about their own requests.

Run by the Python that has the services (Debian's packages): `python3 publish.py <folder>`. For each service one JSON
file: `routes`, each with its methods, and for what the service checks by JSON schema the schema of the body and of the
query, with the microversions for which it holds. Schemas are the services' own; nothing is invented here.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path


def plain(value):
    """JSON of a schema: sets and tuples become lists, what is not JSON becomes its name."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return f"<{type(value).__name__}>"


def recorder(seen, part):
    """A decorator with the signature of the services' `validation.schema` that notes instead of checking."""

    def decorator(schema, min_version=None, max_version=None, **_):
        def note(function):
            name = f"{function.__module__}:{function.__qualname__}"
            seen.setdefault(name, []).append(
                {"part": part, "min": min_version, "max": max_version, "schema": plain(schema)}
            )
            return function

        return note

    return decorator


def nova():
    from nova import config
    from nova.api import validation

    config.parse_args(["publish"], default_config_files=[])
    seen = {}
    validation.schema = recorder(seen, "body")
    validation.query_schema = recorder(seen, "query")
    from nova.api.openstack.compute import routes

    out = []
    for path, methods in routes.ROUTE_LIST:
        if not isinstance(methods, dict):
            continue
        for method, (controller, function) in methods.items():
            schemas, actions = [], []
            resource = controller() if callable(controller) else None
            inner = getattr(resource, "controller", None)
            classes = type(inner).__mro__ if inner is not None else []
            for cls in classes:
                schemas += seen.get(f"{cls.__module__}:{cls.__qualname__}.{function}", [])
            if function == "action" and resource is not None:
                for name, handler in resource.wsgi_actions.items():
                    actions.append(
                        {"name": name, "schemas": seen.get(f"{handler.__module__}:{handler.__qualname__}", [])}
                    )
            out.append({"path": path, "method": method, "schemas": schemas, "actions": actions})
    return out


def cinder():
    from cinder import objects
    from cinder.api import validation
    from oslo_config import cfg

    objects.register_all()
    # Controllers ask the database which versions the other daemons speak; there is no database here.
    objects.Service.get_minimum_rpc_version = classmethod(lambda *_: None)
    objects.Service.get_minimum_obj_version = classmethod(lambda *_: None)
    seen = {}
    validation.schema = recorder(seen, "body")
    import cinder.api.v3.router as router
    from cinder import rpc
    from cinder.api import extensions

    rpc.get_client = lambda *_, **__: None
    cfg.CONF([], project="cinder", default_config_files=[])
    manager = extensions.ExtensionManager()
    api = router.APIRouter(manager)
    out = []
    for route in api.map.matchlist:
        controller = route.defaults.get("controller")
        inner = getattr(controller, "controller", None)
        function = route.defaults.get("action")
        methods = sorted((route.conditions or {}).get("method") or ["*"])
        schemas, actions = [], []
        for cls in type(inner).__mro__ if inner is not None else []:
            schemas += seen.get(f"{cls.__module__}:{cls.__qualname__}.{function}", [])
        if function == "action" and controller is not None:
            for name, handler in getattr(controller, "wsgi_actions", {}).items():
                actions.append({"name": name, "schemas": seen.get(f"{handler.__module__}:{handler.__qualname__}", [])})
        for method in methods:
            out.append({"path": route.routepath, "method": method, "schemas": schemas, "actions": actions})
    return out


def keystone():
    from keystone.server.flask import core  # noqa: F401
    from keystone.server.flask import application
    import keystone.conf
    import keystone.api

    keystone.conf.configure()
    from oslo_config import cfg

    cfg.CONF([], project="keystone", default_config_files=[])
    import flask

    app = flask.Flask("publish")
    for name in keystone.api.__apis__:
        for api in name.APIs:
            api.instantiate_and_register_to_app(app)
    schemas = {}
    for package in ("assignment", "application_credential", "catalog", "credential", "identity", "limit", "resource", "trust", "policy"):
        try:
            module = importlib.import_module(f"keystone.{package}.schema")
        except ImportError:
            continue
        for key, value in vars(module).items():
            if isinstance(value, dict) and value.get("type") == "object":
                schemas[key] = plain(value)
    out = []
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            out.append({"path": rule.rule, "method": method, "schemas": [], "actions": []})
    return {"routes": out, "schemas": schemas}


def glance():
    from glance.api.v2 import router
    from glance.common import config  # noqa: F401
    from oslo_config import cfg
    import routes as routes_library

    cfg.CONF([], project="glance", default_config_files=[])
    mapper = routes_library.Mapper()
    router.API(mapper)
    return [
        {"path": route.routepath, "method": method, "schemas": [], "actions": []}
        for route in mapper.matchlist
        for method in sorted((route.conditions or {}).get("method") or ["*"])
        if not (route.defaults.get("action") or "").startswith("reject")
    ]


def neutron():
    import neutron_lib.api.definitions as definitions

    resources = {}
    for module in pkgutil.iter_modules(definitions.__path__):
        definition = importlib.import_module(f"neutron_lib.api.definitions.{module.name}")
        for collection, attributes in (getattr(definition, "RESOURCE_ATTRIBUTE_MAP", None) or {}).items():
            if not isinstance(attributes, dict):
                continue
            kept = resources.setdefault(collection, {})
            for name, facts in attributes.items():
                if not isinstance(facts, dict):
                    continue
                kept.setdefault(name, {"alias": getattr(definition, "ALIAS", None), **{
                    key: plain(value) for key, value in facts.items() if key in (
                        "allow_post", "allow_put", "validate", "is_filter", "is_sort_key", "default", "primary_key",
                        "required_by_policy", "is_visible",
                    )
                }})
    return resources


def octavia():
    import octavia.api.v2.types as types

    resources = {}
    for module in pkgutil.iter_modules(types.__path__):
        loaded = importlib.import_module(f"octavia.api.v2.types.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, type) and getattr(value, "__module__", "") == loaded.__name__ and hasattr(value, "_wsme_attributes"):
                import wsme.types

                wsme.types.registry.register(value)
                resources[name] = {
                    attribute.name: {"mandatory": attribute.mandatory, "type": str(getattr(attribute.datatype, "__name__", attribute.datatype))}
                    for attribute in value._wsme_attributes
                }
    return resources


def main():
    folder = Path(sys.argv[1])
    for publish in (nova, cinder, keystone, glance, neutron, octavia):
        if len(sys.argv) > 2 and publish.__name__ not in sys.argv[2:]:
            continue
        text = json.dumps(publish(), indent=1, sort_keys=False)
        (folder / f"{publish.__name__}.json").write_text(text + "\n")


main()
