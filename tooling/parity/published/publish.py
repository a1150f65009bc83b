"""Writes what the services of this machine publish about their own requests.

Run by the Python that has the services (Debian's packages): `python3 publish.py <folder>`. For each service one JSON
file with a list of routes: method, path with parameters written `:name`, `action` where the first key of the body names
one, and for what the service checks by JSON schema the schema of the body and of the query, with the microversions for
which it holds. Schemas are the services' own; nothing is invented here.
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


def plain_path(path):
    """Segments as `:name`, without the format suffix, the project and patterns."""
    path = re.sub(r"\.:\(format\)$", "", path)
    path = re.sub(r"^/\{project_id[^}]*\}", "", path)
    path = re.sub(r"^/v3(?=/)", "", path)
    return re.sub(r"/:?[({<](?:string:|path:)?(\w+)[^/]*?[)}>]", r"/:\1", path)


def rows_of(path, method, schemas=(), actions=()):
    """The routes of a path and method: one for each action where there are any."""
    path = plain_path(path)
    if method == "*" or path in ("", "/") or re.search(r"/(new|:id/edit)$", path):
        return []
    if not actions:
        return [{"method": method, "path": path, "schemas": list(schemas)}]
    return [{"method": method, "path": path, "action": one["name"], "schemas": one["schemas"]} for one in actions]


def rows_of_collection(path, schemas=()):
    """The routes that a collection has of itself."""
    routes = [("GET", path), ("POST", path), *((method, f"{path}/:id") for method in ("GET", "PUT", "DELETE"))]
    return [row for method, route in routes for row in rows_of(route, method, schemas)]


def singular(name):
    return f"{name[:-3]}y" if name.endswith("ies") else re.sub("s$", "", name)


def whole(part, schema):
    """A schema that holds for all microversions."""
    return {"part": part, "min": None, "max": None, "schema": schema}


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
            out += rows_of(path, method, schemas, actions)
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
            out += rows_of(route.routepath, method, schemas, actions)
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
            out += [keystone_route(row, schemas) for row in rows_of(rule.rule, method)]
    return out


def keystone_route(row, schemas):
    """Keystone checks bodies by schemas that are named after the last collection of the path."""
    names = [part for part in row["path"].split("/") if part and not part.startswith(":")]
    name = singular(names[-1] if names else "")
    schema = schemas.get(f"{name}_{'create' if row['method'] == 'POST' else 'update'}")
    if schema is None or row["method"] not in ("POST", "PATCH"):
        return row
    body = {"type": "object", "properties": {name: schema}, "required": [name]}
    return {**row, "schemas": [whole("body", body)]}


def glance():
    from glance.api.v2 import router
    from glance.common import config  # noqa: F401
    from oslo_config import cfg
    import routes as routes_library

    cfg.CONF([], project="glance", default_config_files=[])
    mapper = routes_library.Mapper()
    router.API(mapper)
    return [
        row
        for route in mapper.matchlist
        for method in sorted((route.conditions or {}).get("method") or ["*"])
        for row in rows_of(route.routepath, method)
        if not (route.defaults.get("action") or "").startswith("reject")
    ]


# Collections of separate projects, and parts that the usual plugins do not have.
FOREIGN = re.compile(
    "bgp|bgpvpns|endpoint_groups|firewall|flow_class|fooes|ike|ipsec|vpn|port_(chains|pair)|tap_|alias_|logs|logging"
    "|loggable|metering|ndp|local_ips|network_segment"
)
# Collections that have dashes in paths and underscores in bodies.
DASHED = re.compile("security_group|address_|network_ip|network_segment|rbac|service_p|metering")


def neutron():
    import neutron_lib.api.definitions as definitions

    resources = {}
    for module in pkgutil.iter_modules(definitions.__path__):
        definition = importlib.import_module(f"neutron_lib.api.definitions.{module.name}")
        for collection, attributes in (getattr(definition, "RESOURCE_ATTRIBUTE_MAP", None) or {}).items():
            if not isinstance(attributes, dict):
                continue
            kept = resources.setdefault(collection, {})
            kept.update({name: {} for name, facts in attributes.items() if isinstance(facts, dict)})
    out = []
    for collection, properties in resources.items():
        if FOREIGN.match(collection):
            continue
        query = {"type": "object", "properties": properties}
        body = {"type": "object", "properties": {singular(collection): query}}
        path = collection.replace("_", "-") if DASHED.match(collection) else collection
        out += rows_of_collection(f"/{path}", [whole("body", body), whole("query", query)])
    return out


def octavia():
    """Octavia's collections; it publishes no list of them, and no schemas."""
    collections = (
        "loadbalancers", "listeners", "pools", "pools/:pool_id/members", "healthmonitors", "l7policies",
        "l7policies/:l7policy_id/rules", "quotas", "providers", "flavors", "flavorprofiles", "availabilityzones",
        "availabilityzoneprofiles", "amphorae",
    )
    return [row for path in collections for row in rows_of_collection(f"/{path}")]


def main():
    folder = Path(sys.argv[1])
    for publish in (nova, cinder, keystone, glance, neutron, octavia):
        if len(sys.argv) > 2 and publish.__name__ not in sys.argv[2:]:
            continue
        text = json.dumps(publish(), indent=1, sort_keys=False)
        (folder / f"{publish.__name__}.json").write_text(text + "\n")


main()
