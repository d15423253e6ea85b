using IptablesAtom.Netlink.Netlink;

namespace IptablesAtom.Netlink.Nftables;

/// <summary>
/// Walks the expressions of a rule: <c>foreach (Expression e in new ExpressionReader(raw))</c>.
/// </summary>
/// <remarks>
/// <code>
/// NFTA_RULE_EXPRESSIONS
///   NFTA_LIST_ELEM
///     NFTA_EXPR_NAME "payload"
///     NFTA_EXPR_DATA { attributes of that expression }
///   NFTA_LIST_ELEM ...
/// </code>
/// </remarks>
internal readonly ref struct ExpressionReader(ReadOnlySpan<byte> expressions)
{
    private readonly ReadOnlySpan<byte> _expressions = expressions;

    public Enumerator GetEnumerator() => new(_expressions);

    internal ref struct Enumerator(ReadOnlySpan<byte> expressions)
    {
        private AttributeReader.Enumerator _elements = new(expressions);

        public Expression Current { get; private set; }

        public bool MoveNext()
        {
            if (!_elements.MoveNext())
            {
                return false;
            }

            Current = new Expression(_elements.Current.Value);
            return true;
        }
    }
}
