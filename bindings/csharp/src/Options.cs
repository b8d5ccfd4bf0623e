using System;
using System.Globalization;

namespace Deepidv
{
    public sealed partial class Options
    {
        private bool environment;

        /// <summary>Starts with the options in the environment, such as DEEPIDV_API_KEY.</summary>
        public static Options FromEnvironment()
        {
            return new Options { environment = true };
        }

        /// <summary>Checks each option, but not the options against each other.</summary>
        public void Check()
        {
            Config().Dispose();
        }

        /// <summary>Checks an option by its key, such as timeout_ms.</summary>
        public static void Check(string key, string value)
        {
            using (var config = new Options().Config())
                Set(config, key, value);
        }

        internal ConfigHandle Config()
        {
            ConfigHandle config;
            Failure.Check(Native.deepidv_config_new(out config), null);
            try
            {
                if (environment)
                {
                    IntPtr key;
                    var status = Native.deepidv_config_from_env(config, out key);
                    Failure.Check(status, Text.Constant(key));
                }
                SetAll(config);
                return config;
            }
            catch
            {
                config.Dispose();
                throw;
            }
        }

        private static void Set(ConfigHandle config, string key, object value)
        {
            if (value == null)
                return;
            if (value is bool)
                value = (bool)value ? 1 : 0;
            else if (value is TimeSpan)
                value = Text.Milliseconds((TimeSpan)value);
            var name = Text.Utf8(key);
            var text = Text.Utf8(Convert.ToString(value, CultureInfo.InvariantCulture));
            Failure.Check(Native.deepidv_config_set(config, name, Text.Length(name), text, Text.Length(text)), key);
        }
    }

    public sealed partial class Applicant
    {
        private string json;

        /// <summary>Starts with a JSON object, with names in snake_case or camelCase.</summary>
        public static Applicant FromJson(string json)
        {
            return new Applicant { json = json };
        }

        /// <summary>Checks the fields without sending anything.</summary>
        public void Check()
        {
            IntPtr field;
            using (var request = Request(false))
            {
                var status = Native.deepidv_session_request_validate(request, out field);
                Failure.Check(status, Text.Constant(field));
            }
        }

        /// <summary>Returns a request that may lack fields.</summary>
        internal SessionRequestHandle Request(bool search)
        {
            SessionRequestHandle request;
            Failure.Check(Native.deepidv_session_request_new(out request), null);
            try
            {
                if (json != null)
                {
                    IntPtr field;
                    UIntPtr offset;
                    var text = Text.Utf8(json);
                    var refused = Native.deepidv_session_request_set_json(
                        request, text, Text.Length(text), out field, out offset);
                    Failure.Check(refused, Text.Constant(field));
                }
                SetFields(request);
                Native.deepidv_session_request_set_search_first(request, search ? 1 : 0);
                return request;
            }
            catch
            {
                request.Dispose();
                throw;
            }
        }
    }
}
