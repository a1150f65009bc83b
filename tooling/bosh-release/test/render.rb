# Renders a release job's templates as BOSH does: ERB with `p` and `if_p` over the manifest's properties and the
# defaults of the job's spec. stdin: {"properties": {...}}; argv: the job's folder, the folder to write to.
require 'erb'
require 'fileutils'
require 'json'
require 'yaml'

class Else
  def initialize(active, context)
    @active = active
    @context = context
  end

  def else
    yield if @active
  end

  def else_if_p(*names, &block)
    return self unless @active

    @context.if_p(*names, &block)
  end
end

class Context
  def initialize(spec, properties)
    @defaults = spec.fetch('properties').transform_values { |property| property['default'] }
    @known = spec.fetch('properties').keys
    @properties = properties
  end

  def p(names, *default)
    Array(names).each do |name|
      value = look_up(name)
      return value unless value.nil?
    end
    return default.first unless default.empty?

    raise "Can't find property '#{Array(names).join("', or '")}'"
  end

  def if_p(*names)
    values = names.map { |name| look_up(name) }
    return Else.new(true, self) if values.any?(&:nil?)

    yield(*values)
    Else.new(false, self)
  end

  def render(template)
    ERB.new(template, trim_mode: '-').result(binding)
  end

  private

  def look_up(name)
    raise "property '#{name}' is not in the spec" unless @known.include?(name)

    found = name.split('.').reduce(@properties) { |node, key| node.is_a?(Hash) ? node[key] : nil }
    found.nil? ? @defaults[name] : found
  end
end

job, target = ARGV
spec = YAML.safe_load(File.read(File.join(job, 'job.MF')))
context = Context.new(spec, JSON.parse($stdin.read).fetch('properties'))
spec.fetch('templates').each do |source, destination|
  file = File.join(target, destination)
  FileUtils.mkdir_p(File.dirname(file))
  File.write(file, context.render(File.read(File.join(job, 'templates', source))))
  File.chmod(destination.start_with?('bin/') ? 0o755 : 0o640, file)
end
