# Abridges texts: the plugin "digest" keeps the first words of each sentence, and sends each as it is done.
# Speaks `messages`: requests on stdin, one JSON object a line, and messages on stdout.
require "json"

$stdout.sync = true

def say(type, **members)
  puts JSON.generate({type: type, **members})
end

# What the definition configures it with is how many words are kept.
class Digest
  def initialize(config)
    @words = config.fetch("words")
    raise ArgumentError, "words must be a whole number from 1" unless @words.is_a?(Integer) && @words >= 1
  end

  def each(text)
    text.scan(/[^.!?]+[.!?]?/).map(&:strip).reject(&:empty?).each do |sentence|
      words = sentence.split
      yield words.size > @words ? "#{words.first(@words).join(" ")} …" : sentence
    end
  end
end

def execute(plugins, request)
  id = request.fetch("job_id")
  digest = plugins.fetch(request["plugin_name"]) { |name| raise KeyError, "there is no plugin #{name}" }
  text = request["text"]
  raise ArgumentError, "text must be a string" unless text.is_a?(String)

  sentences = 0
  digest.each(text) do |line|
    sentences += 1
    say :stream_chunk, job_id: id, chunk: "#{line}\n", is_final: false
  end
  say :stream_chunk, job_id: id, chunk: "", is_final: true
  say :result, job_id: id, status: "success", data: {sentences: sentences}
rescue KeyError, ArgumentError => e
  say :result, job_id: id, status: "error", error: e.message, error_type: e.class.name, retriable: false
end

plugins = {}
$stdin.each_line do |line|
  request = JSON.parse(line)
  case request["type"]
  when "init"
    plugins = request.fetch("plugin_configs").transform_values { |config| Digest.new(config) }
    say :ready, loaded_plugins: plugins.keys
  when "execute"
    warn "abridging #{request["text"].to_s.length} characters"
    execute(plugins, request)
  when "stop"
    break
  else
    warn "a request that this worker does not know: #{request["type"]}"
  end
end
