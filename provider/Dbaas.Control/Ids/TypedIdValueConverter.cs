using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Dbaas.Control.Ids;

/// <summary>Typed ids are text columns, written as in the API.</summary>
internal sealed class TypedIdValueConverter<T>()
    : ValueConverter<T, string>(id => TypedId.Format(id), text => TypedId.Parse<T>(text))
    where T : struct, ITypedId<T>;
