type Settings = Readonly<Record<string, string | number | boolean>>;

const listNames = ['listeners', 'advertised.listeners'];

/**
 * Settings that all brokers are given, as they are for one of them: in lists of listeners the port 0 stands for the broker's own, and any
 * other is that of the first broker, one more for each next one.
 */
export function settingsOfBroker(settings: Settings, index: number, port: number): Settings {
  const own = Object.entries(settings).map(([name, value]) => {
    if (!listNames.includes(name)) return [name, value];
    const text = String(value).replace(/:(\d+)(?=\s*(,|$))/g, (_, digits: string) =>
      digits === '0' ? `:${port}` : `:${Number(digits) + index}`,
    );
    return [name, text];
  });
  return Object.fromEntries(own);
}
