import { describe, expect, it, vi } from 'vitest';
import { DriverListeners } from './driver-listeners.js';

describe('DriverListeners', () => {
  it('calls each listener as often as it was added, until it is removed', () => {
    const listeners = new DriverListeners();
    const listener = vi.fn();
    const first = listeners.on('ready', listener);
    const second = listeners.on('ready', listener);
    listeners.emit('ready');
    expect(listener).toHaveBeenCalledTimes(2);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    listeners.emit('ready');
    expect(listener).toHaveBeenCalledTimes(3);
    second[Symbol.dispose]();
    listeners.on('ready', listener);
    listeners.clear();
    listeners.emit('ready');
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('reports one that throws, and calls the others', () => {
    const listeners = new DriverListeners();
    const errors: Error[] = [];
    const other = vi.fn();
    listeners.on('error', (error) => errors.push(error));
    listeners.on('down', () => {
      throw new Error('first');
    });
    listeners.on('down', () => {
      throw 'no error';
    });
    listeners.on('down', other);
    listeners.emit('down', new Error('cause'));
    expect(errors.map(({ message }) => message)).toEqual(['first', 'no error']);
    expect(other).toHaveBeenCalledOnce();
  });

  it('makes a process warning of an error in the listener of errors', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const listeners = new DriverListeners();
    const bad = new Error('bad');
    listeners.on('error', () => {
      throw bad;
    });
    listeners.emit('error', new Error('cause'));
    expect(warn).toHaveBeenCalledWith(bad, { code: 'REDLANE_DRIVER_LISTENER' });
    warn.mockRestore();
  });
});
