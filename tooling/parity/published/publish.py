"""Writes what the services of this machine publish about their own requests.

Run by the Python that has the services (Debian's packages): `python3 publish.py <folder>`. For each service one JSON
file: `routes`, each with its methods, and for what the service checks by JSON schema the schema of the body and of the
query, with the microversions for which it holds. Schemas are the services' own; nothing is invented here.
"""

import importlib
import json
import pkgutil
import re
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


def recorder(part):
    """A decorator with the signature of the services' `validation.schema` that notes instead of checking."""

    def decorator(schema, min_version=None, max_version=None, *_, **__):
        def note(function):
            # Decorators outside of this one copy the attributes of what they wrap.
            function.published = [
                {"part": part, "min": min_version, "max": max_version, "schema": plain(schema)}
            ] + getattr(function, "published", [])
            return function

        return note

    return decorator


def version_number(version):
    """`2.57` as a pair that can be compared; None stays None."""
    return None if version is None else tuple(int(part) for part in str(version).split("."))


def version_of(request):
    """`2.57` of an APIVersionRequest; None of one without a limit."""
    text = re.search(r"Major: (\d+), Minor: (\d+)", str(request))
    return ".".join(text.groups()) if text and text.group(1) != "0" else None


def narrowed(schema, start, end):
    """A schema within the versions of its method; None when both have no version in common."""
    numbers = version_number
    low = max((x for x in (schema["min"], start) if x is not None), key=numbers, default=None)
    high = min((x for x in (schema["max"], end) if x is not None), key=numbers, default=None)
    if low is not None and high is not None and numbers(low) > numbers(high):
        return None
    return {**schema, "min": low, "max": high}


def schemas_of(controller, name):
    """The schemas of a method of a controller, of all its variants by microversion."""
    variants = getattr(type(controller), "versioned_methods", {}).get(name)
    if variants:
        found = [
            narrowed(schema, version_of(variant.start_version), version_of(variant.end_version))
            for variant in variants
            for schema in getattr(variant.func, "published", [])
        ]
        return [schema for schema in found if schema]
    function = getattr(type(controller), name, None)
    start, end = getattr(function, "min_version", None), getattr(function, "max_version", None)
    found = [narrowed(schema, start, end) for schema in getattr(function, "published", [])]
    return [schema for schema in found if schema]


def actions_of(controllers):
    """The actions of a resource: the keys of its bodies, each with its schemas."""
    return [
        {"name": name, "schemas": schemas_of(controller, method)}
        for controller in controllers
        for name, method in getattr(controller, "wsgi_actions", {}).items()
    ]


def schemas_of_route(resource, controller, function):
    """The schemas of a method; some methods of collections are actions of another controller."""
    if controller is None or not function:
        return []
    if hasattr(type(controller), function) or function in getattr(type(controller), "versioned_methods", {}):
        return schemas_of(controller, function)
    actions = actions_of(getattr(resource, "action_controllers", []))
    return next((one["schemas"] for one in actions if one["name"] == function), [])


def noting_controllers(resource_class):
    """Resources remember the controllers whose actions they serve."""
    for name in ("register_actions", "register_subcontroller_actions", "register_extensions"):
        original = getattr(resource_class, name, None)
        if original is None:
            continue

        def register(self, controller, original=original):
            self.action_controllers = getattr(self, "action_controllers", []) + [controller]
            return original(self, controller)

        setattr(resource_class, name, register)


def nova():
    from nova import config
    from nova.api import validation
    from nova.api.openstack import wsgi

    config.parse_args(["publish"], default_config_files=[])
    validation.schema = recorder("body")
    validation.query_schema = recorder("query")
    noting_controllers(wsgi.Resource)
    from nova.api.openstack.compute import routes

    out = []
    for path, methods in routes.ROUTE_LIST:
        if not isinstance(methods, dict):
            continue
        for method, (controller, function) in methods.items():
            resource = controller() if callable(controller) else None
            inner = getattr(resource, "controller", None)
            schemas = schemas_of_route(resource, inner, function)
            actions = actions_of(resource.action_controllers) if function == "action" and resource is not None else []
            out.append({"path": path, "method": method, "schemas": schemas, "actions": actions})
    return out


def cinder():
    from cinder import objects
    from cinder.api import validation
    from cinder.api.openstack import wsgi
    from oslo_config import cfg

    objects.register_all()
    # Controllers ask the database which versions the other daemons speak; there is no database here.
    objects.Service.get_minimum_rpc_version = classmethod(lambda *_: None)
    objects.Service.get_minimum_obj_version = classmethod(lambda *_: None)
    validation.schema = recorder("body")
    noting_controllers(wsgi.Resource)
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
        schemas = schemas_of_route(controller, inner, function)
        is_action = function == "action" and controller is not None
        actions = actions_of(getattr(controller, "action_controllers", [])) if is_action else []
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
