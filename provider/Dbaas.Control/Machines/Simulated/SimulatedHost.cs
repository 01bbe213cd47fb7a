using System.Text.Json;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Machines.Simulated;

/// <summary>One simulated host: its state, its epochs, its file. Every access goes through <see cref="Read{T}"/> or <see cref="Change{T}"/>.</summary>
internal sealed class SimulatedHost
{
    private readonly Lock _gate = new();
    private readonly string? _file;
    private readonly SimulatedState _state;

    public SimulatedHost(string region, string? folder)
    {
        Region = region;
        if (folder is null)
        {
            _state = new SimulatedState();
            return;
        }

        Directory.CreateDirectory(folder);
        _file = Path.Combine(folder, $"{region}.json");
        _state = File.Exists(_file)
            ? JsonSerializer.Deserialize(
                File.ReadAllBytes(_file),
                SimulatedJson.Default.SimulatedState
            )!
            : new SimulatedState();
    }

    public string Region { get; }

    public T Read<T>(Func<SimulatedState, T> read)
    {
        lock (_gate)
        {
            return read(_state);
        }
    }

    /// <summary>Checks and stores the epoch before it acts, like a real host, then persists.</summary>
    public T Change<T>(string? objectId, ulong epoch, Func<SimulatedState, T> change)
    {
        lock (_gate)
        {
            if (objectId is not null)
            {
                var seen = _state.Epochs.GetValueOrDefault(objectId);
                if (epoch < seen)
                {
                    throw new MachineDriverException(
                        MachineDriverException.StaleEpoch,
                        $"{objectId} has seen epoch {seen}; a call with epoch {epoch} is too old.",
                        retryable: false
                    );
                }

                _state.Epochs[objectId] = epoch;
            }

            var result = change(_state);
            Persist();
            return result;
        }
    }

    private void Persist()
    {
        if (_file is null)
        {
            return;
        }

        // Rename is atomic: a kill in the middle leaves the old state, never half of one.
        var next = _file + ".next";
        File.WriteAllBytes(
            next,
            JsonSerializer.SerializeToUtf8Bytes(_state, SimulatedJson.Default.SimulatedState)
        );
        File.Move(next, _file, overwrite: true);
    }

    public static SimulatedOwner Own(Owner owner) =>
        new(owner.TenantId, owner.InstanceId, owner.MemberId);
}
